package io.keysweep.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/**
 * Describes the build of Keysweep that runs: its version, and the commit that it was made from.
 *
 * <p>The build writes these values into the resource {@code build.properties}. The resource contains no time of the
 * build, so that the same commit gives the same bytes.
 *
 * @param version version of the project, for example {@code 0.1.0-SNAPSHOT}
 * @param commit abbreviated id of the commit; empty if the sources were not in a Git repository
 * @param date date of the commit in UTC, for example {@code 2026-11-28}; empty if there is no commit
 * @param modified whether the sources differed from the commit
 */
public record BuildVersion(String version, String commit, String date, boolean modified) {

    private static final String RESOURCE = "build.properties";
    private static final BuildVersion CURRENT = read();

    /** Returns the build that runs. */
    public static BuildVersion current() {
        return CURRENT;
    }

    /** Returns the build in one line, for example {@code 0.1.0 (commit 240b07a of 2026-11-28)}. */
    @Override
    public String toString() {
        if (commit.isEmpty()) {
            return version;
        }
        return version + " (commit " + commit + " of " + date + (modified ? ", modified)" : ")");
    }

    private static BuildVersion read() {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(BuildVersion.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildVersion(
                properties.getProperty("version", ""),
                properties.getProperty("commit", ""),
                properties.getProperty("date", ""),
                Boolean.parseBoolean(properties.getProperty("modified")));
    }
}
