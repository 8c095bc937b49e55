package org.chiffchaff.client;

import java.nio.file.Path;
import org.chiffchaff.audio.Channel;

/**
 * What one request is about: a recording, or one of its channels.
 *
 * @param channel that is heard
 */
record Asked(Path file, Channel channel) {
    /** The channel in the contract's words. */
    String channelWord() {
        return channel.equals(Channel.MIX) ? "mix" : Integer.toString(channel.number());
    }

    /** As people are told of it. */
    @Override
    public String toString() {
        return channel.equals(Channel.MIX) ? file.toString() : file + " [channel " + channel.number() + "]";
    }
}
