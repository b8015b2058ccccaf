package io.keysweep.cli;

import io.keysweep.api.BuildVersion;
import picocli.CommandLine.IVersionProvider;

/** Provides the output of {@code --version}: the build of Keysweep, and the platform that it runs on. */
final class VersionText implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "keysweep " + BuildVersion.current(),
            "Java " + Runtime.version() + " on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
