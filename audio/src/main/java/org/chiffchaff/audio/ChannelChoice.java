package org.chiffchaff.audio;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a user wants of recordings with several channels: {@code mix}, {@code left}, {@code right}, a number, or
 * {@code each}, which makes a recording of every channel.
 *
 * @param only the channel, or the mix of all; empty for each
 */
public record ChannelChoice(Optional<Channel> only) {
    /** The mean of all channels, see {@link Channel#MIX}. */
    public static final ChannelChoice MIX = new ChannelChoice(Optional.of(Channel.MIX));

    /**
     * Reads what the user wrote.
     *
     * @throws IllegalArgumentException where it is none of the five
     */
    public static ChannelChoice parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "mix" -> MIX;
            case "left" -> new ChannelChoice(Optional.of(new Channel(1)));
            case "right" -> new ChannelChoice(Optional.of(new Channel(2)));
            case "each" -> new ChannelChoice(Optional.empty());
            default -> new ChannelChoice(Optional.of(new Channel(number(text))));
        };
    }

    private static int number(String text) {
        if (text.matches("[1-9][0-9]?") && Integer.parseInt(text) <= Channel.MOST) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("channel is '" + text + "'; mix, left, right, each or a number from 1 to "
                + Channel.MOST + " is expected");
    }

    /**
     * What to open of a recording, once for each.
     *
     * @param channels how many it has, see {@link AudioHeader#channels}
     */
    public List<Channel> of(int channels) {
        return only.map(List::of)
                .orElseGet(() -> IntStream.rangeClosed(1, channels)
                        .mapToObj(Channel::new)
                        .toList());
    }
}
