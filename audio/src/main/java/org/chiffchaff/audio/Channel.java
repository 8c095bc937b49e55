package org.chiffchaff.audio;

/**
 * What is made of a recording's channels: one of them, or their mean.
 *
 * @param number of the channel, from 1 on; 0 for the mean of all
 */
public record Channel(int number) {
    /**
     * The mean of all. Of two channels whose correlation is below -0.9 in the first five seconds with sound, the louder
     * is taken alone, since the mean would cancel them; {@link Condition#oppositePhaseChannel} tells.
     */
    public static final Channel MIX = new Channel(0);

    /** The most channels that a recording may have. */
    public static final int MOST = 64;

    public Channel {
        if (number < 0 || number > MOST) {
            throw new IllegalArgumentException(
                    "channel is " + number + "; 1 to " + MOST + ", or 0 for their mean, is expected");
        }
    }
}
