package io.keysweep.cli.progress;

import org.jspecify.annotations.Nullable;

/** Implements the {@link ProgressDisplay} of {@code --quiet} and other silent output: it shows nothing. */
final class SilentProgress implements ProgressDisplay {

    @Override
    public void begin(long totalKeys) {}

    @Override
    public void update(ProgressSnapshot snapshot) {}

    @Override
    public void hold(@Nullable String reason) {}

    @Override
    public void holdPart(@Nullable String reason) {}

    @Override
    public void say(String line) {}

    @Override
    public void close() {}
}
