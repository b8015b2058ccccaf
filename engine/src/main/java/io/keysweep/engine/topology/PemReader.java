package io.keysweep.engine.topology;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates or a private key from one {@link Pem}, and explains to the user why a PEM is unusable.
 *
 * <p>A PEM is text with Base64 blocks between BEGIN and END lines. Every method that reads throws
 * IllegalArgumentException if the PEM does not exist, cannot be read or has no usable block. The exceptions have no
 * cause, since the messages of Java could quote a part of a private key.
 *
 * @param role the use of the PEM, for example {@code CA}; error messages begin with it
 * @param source the PEM to read
 */
record PemReader(String role, Pem source) {

    /** Matches one block; {@code \1} requires that its END line has the label of its BEGIN line. */
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \\1-----");

    /**
     * The largest number of bytes that is read. The limit stops a device such as /dev/zero, which has no end. Lists of
     * authorities are far smaller.
     */
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    /** The algorithms of keys that TLS uses, by their names in Java. */
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    /** Holds one PEM block: its label, for example {@code CERTIFICATE}, and its Base64 text. */
    private record Block(String label, String text) {}

    /** Returns all certificates in the order of the PEM; at least one. */
    List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : findBlocks()) {
            if (block.label.equals("CERTIFICATE")) {
                certificates.add(parseCertificate(block));
            }
        }
        if (certificates.isEmpty()) {
            throw unusable("holds no certificate", "must be PEM with a BEGIN CERTIFICATE line");
        }
        return certificates;
    }

    /** Returns the first private key. */
    PrivateKey key() {
        for (Block block : findBlocks()) {
            if (block.label.equals("PRIVATE KEY")) {
                return parseKey(block);
            }
            // Keys of other formats have labels such as RSA PRIVATE KEY or ENCRYPTED PRIVATE KEY.
            if (block.label.endsWith("PRIVATE KEY")) {
                throw unusable(
                        "holds '" + block.label + "'",
                        "must be an unencrypted PKCS #8 key: openssl pkcs8 -topk8 -nocrypt -in "
                                + (source instanceof Pem.File file ? file.path() : "OLD_FILE")
                                + " -out NEW_FILE converts it");
            }
        }
        throw unusable("holds no private key", "must be PEM with a BEGIN PRIVATE KEY line");
    }

    /** Returns the exception for an unusable PEM. Its message names the PEM, the problem and the rule. */
    IllegalArgumentException unusable(String problem, String rule) {
        return new IllegalArgumentException(source.named(role) + " " + problem + ", " + rule);
    }

    private List<Block> findBlocks() {
        Matcher matcher = BLOCK.matcher(readText());
        List<Block> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    private String readText() {
        return switch (source) {
            case Pem.PemText pemText -> pemText.text();
            case Pem.File file -> readFile(file.path());
        };
    }

    private String readFile(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw unusable("is larger than " + MAX_BYTES + " bytes", "must be a PEM file; correct the path");
            }
            // PEM is ASCII. ISO 8859-1 decodes any bytes, so a file that is not PEM fails later, with a clear message.
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw unusable("does not exist", "must be a PEM file; correct the path");
        } catch (AccessDeniedException e) {
            throw unusable("cannot be read", "must be readable for the user that runs Keysweep");
        } catch (IOException e) {
            throw unusable(
                    Files.isDirectory(path) ? "is a folder" : "cannot be read", "must be a PEM file; correct the path");
        }
    }

    private X509Certificate parseCertificate(Block block) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(decode(block)));
        } catch (CertificateException e) {
            throw unusable("holds a damaged certificate", "must be the PEM that the authority issued");
        }
    }

    /** Returns the key of a block. */
    private PrivateKey parseKey(Block block) {
        // Java does not report the algorithm of an encoded key, so each algorithm is tried.
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(decode(block));
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                // The key is not of this algorithm, but may be of the next algorithm.
            }
        }
        throw unusable("holds a key of an unknown algorithm", "must be an RSA, EC or EdDSA key");
    }

    private byte[] decode(Block block) {
        try {
            return Base64.getMimeDecoder().decode(block.text);
        } catch (IllegalArgumentException e) {
            throw unusable("is damaged", "must be PEM");
        }
    }
}
