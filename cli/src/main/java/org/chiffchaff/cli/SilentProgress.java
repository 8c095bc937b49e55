package org.chiffchaff.cli;

/** Says nothing. */
final class SilentProgress implements Progress {
    @Override
    public void step(long steps) {}

    @Override
    public void note(String words) {}

    @Override
    public void close() {}
}
