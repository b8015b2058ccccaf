package io.keysweep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Fresh certificates and keys as PEM files, made with {@code openssl}, in a folder that goes when this is closed: an
 * authority, what it has signed, and another authority.
 */
public final class Certificates implements AutoCloseable {

    /** A certificate and its private key (PKCS #8, unencrypted). */
    public record Pair(Path certificate, Path key) {}

    private final Path folder;
    private final Pair authority;
    private final Pair server;
    private final Pair wrongName;
    private final Pair client;
    private final Pair otherAuthority;
    private final Pair otherClient;

    private Certificates(Path folder) throws IOException {
        this.folder = folder;
        // Without the system's own settings, which differ.
        Files.writeString(folder.resolve("openssl.cnf"), "[req]\ndistinguished_name=dn\n[dn]\n");
        authority = authority("ca");
        server = signed("server", authority, "subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost");
        wrongName = signed("wrong-name", authority, "subjectAltName=DNS:elsewhere.example");
        client = signed("client", authority, "extendedKeyUsage=clientAuth");
        otherAuthority = authority("other-ca");
        otherClient = signed("other-client", otherAuthority, "extendedKeyUsage=clientAuth");
    }

    /**
     * Makes them all.
     *
     * @throws IllegalStateException if {@code openssl} is missing or fails; says what it said
     */
    public static Certificates create() {
        try {
            return new Certificates(Files.createTempDirectory("keysweep-certificates"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The authority that has signed what the other methods return, unless they say otherwise. */
    public Pair authority() {
        return authority;
    }

    /** For a server at 127.0.0.1, ::1 or localhost. */
    public Pair server() {
        return server;
    }

    /** For a server at a name that no test has. */
    public Pair wrongName() {
        return wrongName;
    }

    /** For a client. */
    public Pair client() {
        return client;
    }

    /** An authority that has signed none of the above. */
    public Pair otherAuthority() {
        return otherAuthority;
    }

    /** For a client, signed by the other authority. */
    public Pair otherClient() {
        return otherClient;
    }

    /** A new file with this text, next to the certificates. */
    public Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Pair authority(String name) {
        return make(name, List.of("-addext", "basicConstraints=critical,CA:TRUE"));
    }

    private Pair signed(String name, Pair by, String extension) {
        return make(
                name,
                List.of(
                        "-CA",
                        by.certificate.toString(),
                        "-CAkey",
                        by.key.toString(),
                        "-addext",
                        "basicConstraints=critical,CA:FALSE",
                        "-addext",
                        extension));
    }

    private Pair make(String name, List<String> more) {
        Pair pair = new Pair(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-config",
                folder.resolve("openssl.cnf").toString(),
                "-subj",
                "/CN=keysweep test " + name,
                "-keyout",
                pair.key.toString(),
                "-out",
                pair.certificate.toString()));
        command.addAll(more);
        run(command);
        return pair;
    }

    private static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("openssl failed: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException("No openssl: run ./dev/verify, or install it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while openssl ran", e);
        }
    }
}
