package io.keysweep.server.config;

import io.keysweep.api.text.FileProblem;
import io.keysweep.server.config.TlsSettings.ClientCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code server.tls} settings and checks that they fit together.
 *
 * <p>{@link SettingSources} has checked the form of each value before. A service without TLS must listen on loopback
 * addresses only, unless the operator allows plain HTTP on other addresses. {@link SettingsLoader} calls {@link
 * #requireLoopback} to check that.
 */
final class TlsSettingsReader {

    private static final String PLAIN_HTTP_RULE =
            "must be a loopback address, because the service would speak plain HTTP"
                    + " there, which others can read and change; set server.tls.certificate and server.tls.key (or"
                    + " server.tls.keystore) for TLS, or server.allow-plain-http: true, for example if a proxy ends TLS";

    private final Path home;
    private final SettingSources sources;
    private final List<String> problems;

    /**
     * Creates a reader.
     *
     * @param home folder to which relative paths of files refer
     * @param sources the values that the operator has set
     * @param problems receives one sentence for each problem
     */
    TlsSettingsReader(Path home, SettingSources sources, List<String> problems) {
        this.home = home;
        this.sources = sources;
        this.problems = problems;
    }

    /**
     * Returns the settings, or null if the service speaks plain HTTP. Adds a problem for each rule that they break, and
     * for each file that cannot be read. If this adds a problem, the result may be incomplete and must not be used.
     */
    @Nullable TlsSettings read() {
        // Settings that are not allowed without TLS are read as well, so that their missing files are reported.
        Path certificate = readableFile(Setting.TLS_CERTIFICATE);
        Path key = readableFile(Setting.TLS_KEY);
        Path keystore = readableFile(Setting.TLS_KEYSTORE);
        Path clientAuthorities = readableFile(Setting.TLS_CLIENT_CA);
        String password = readPassword();
        boolean usesTls = isSet(Setting.TLS_CERTIFICATE) || isSet(Setting.TLS_KEYSTORE);
        if (!usesTls) {
            refuseWithoutTls(
                    Setting.TLS_KEY,
                    Setting.TLS_PASSWORD,
                    Setting.TLS_PASSWORD_FILE,
                    Setting.TLS_CLIENT_CA,
                    Setting.TLS_CLIENT_AUTH);
            return null;
        }
        checkServerKey(password);
        if (isSet(Setting.TLS_CLIENT_AUTH) && !isSet(Setting.TLS_CLIENT_CA)) {
            problems.add("server.tls.client-auth is set, so server.tls.client-ca must be set");
        }
        return new TlsSettings(certificate, key, keystore, password, clientAuthorities, clientCertificates());
    }

    /** Records a problem for each of the settings that is set although the service speaks plain HTTP. */
    private void refuseWithoutTls(Setting... settings) {
        for (Setting setting : settings) {
            if (isSet(setting)) {
                problems.add(setting.key + " is set, so server.tls.certificate or server.tls.keystore must be set");
            }
        }
    }

    /** Checks that the certificate and the key of the service are either two PEM files or one keystore. */
    private void checkServerKey(@Nullable String password) {
        if (isSet(Setting.TLS_KEYSTORE)) {
            if (isSet(Setting.TLS_CERTIFICATE) || isSet(Setting.TLS_KEY)) {
                problems.add(
                        "server.tls.keystore is set, so server.tls.certificate and server.tls.key must not be set");
            }
            if (password == null && !isSet(Setting.TLS_PASSWORD_FILE)) {
                problems.add("server.tls.keystore is set, so server.tls.password or server.tls.password-file must be"
                        + " set");
            }
        } else if (!isSet(Setting.TLS_KEY)) {
            problems.add("server.tls.certificate is set, so server.tls.key must be set");
        }
    }

    /**
     * Adds a problem unless an address on which the process would speak plain HTTP is for this machine only. Resolves a
     * host name, which can block.
     *
     * @param setting the setting with the address, for the problem
     */
    void requireLoopback(Setting setting, String address) {
        if (!isLoopback(address)) {
            problems.add(setting.key + " is '" + address + "', " + PLAIN_HTTP_RULE);
        }
    }

    /**
     * Returns whether clients must show a certificate. If authorities are set, clients must show one by default; with
     * {@code wanted}, they may show one.
     */
    private ClientCertificates clientCertificates() {
        if (!isSet(Setting.TLS_CLIENT_CA)) {
            return ClientCertificates.NONE;
        }
        return "wanted".equals(sources.value(Setting.TLS_CLIENT_AUTH))
                ? ClientCertificates.WANTED
                : ClientCertificates.REQUIRED;
    }

    /**
     * Returns the password of the keystore or key, from the setting or from the file. Returns null if neither is set.
     * If the file cannot be read, adds a problem and returns null.
     */
    private @Nullable String readPassword() {
        Path file = readableFile(Setting.TLS_PASSWORD_FILE);
        String password = sources.value(Setting.TLS_PASSWORD);
        if (password != null && isSet(Setting.TLS_PASSWORD_FILE)) {
            problems.add("server.tls.password is set, so server.tls.password-file must not be set");
        }
        if (file == null) {
            return password;
        }
        try {
            // Editors end the last line with a line feed, which is not part of the password.
            return Files.readString(file).replaceAll("[\\r\\n]+$", "");
        } catch (IOException e) {
            problems.add("server.tls.password-file is '" + file + "', must be a text file: " + FileProblem.of(e));
            return null;
        }
    }

    /**
     * Returns the path that a setting names, if it is a file that can be read. Returns null if the setting is not set.
     * If there is no such file, adds a problem and returns null.
     */
    private @Nullable Path readableFile(Setting setting) {
        String value = sources.value(setting);
        if (value == null) {
            return null;
        }
        Path file = home.resolve(value).normalize();
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            problems.add(setting.key + " is '" + value + "', must be " + setting.rule
                    + (Files.exists(file) ? "; the service may not read " : "; there is no ") + file);
            return null;
        }
        return file;
    }

    private boolean isSet(Setting setting) {
        return sources.value(setting) != null;
    }

    /** Returns whether all addresses of a host are loopback addresses; false if the host is unknown. */
    private static boolean isLoopback(String address) {
        try {
            return Arrays.stream(InetAddress.getAllByName(address)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
