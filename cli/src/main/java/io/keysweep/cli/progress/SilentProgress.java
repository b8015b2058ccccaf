package io.keysweep.cli.progress;

import org.jspecify.annotations.Nullable;

/** Shows no progress, for example for {@code --quiet}. */
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
