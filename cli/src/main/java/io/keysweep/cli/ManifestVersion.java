package io.keysweep.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/**
 * Provides the output of {@code --version}: the version of Keysweep and the platform. The build writes the version into
 * the manifest of the jar, which does not exist if the classes run from a folder.
 */
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
