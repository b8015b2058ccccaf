package io.keysweep.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Reads the version of Keysweep that the build has written into the jar, for {@code --version}. */
final class ManifestVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = ManifestVersion.class.getPackage().getImplementationVersion();
        return new String[] {
            "keysweep " + Objects.requireNonNullElse(version, "(development build)"),
            "Java " + Runtime.version() + " on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
