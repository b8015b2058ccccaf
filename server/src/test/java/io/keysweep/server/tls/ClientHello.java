package io.keysweep.server.tls;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Builds the first message of a TLS client, also of versions that Java itself no longer offers. */
final class ClientHello {

    /** The suites ECDHE_ECDSA with AES_128_GCM_SHA256, for TLS 1.2, and with AES_128_CBC_SHA, for earlier versions. */
    private static final String SUITES = "c02bc009";

    /** Extensions with the groups x25519 and secp256r1, uncompressed points, and ECDSA with SHA-256. */
    private static final String EXTENSIONS = "000a00060004001d0017" + "000b00020100" + "000d000400020403";

    private ClientHello() {}

    /** Returns the record with the message of a client whose newest version is this one, 0x0302 for TLS 1.1. */
    static byte[] ofVersion(int version) {
        byte[] suites = HexFormat.of().parseHex(SUITES);
        byte[] extensions = HexFormat.of().parseHex(EXTENSIONS);

        // The lengths of: version, random bytes, session id, suites, compression, and extensions.
        int body = 2 + 32 + 1 + 2 + suites.length + 2 + 2 + extensions.length;
        return ByteBuffer.allocate(5 + 4 + body)
                .put((byte) 22) // a record with a handshake message
                .putShort((short) 0x0301) // the version of the record
                .putShort((short) (4 + body))
                .putInt((1 << 24) | body) // the type client_hello, and the length of the rest
                .putShort((short) version)
                .put(new byte[32]) // the random bytes
                .put((byte) 0) // no session id
                .putShort((short) suites.length)
                .put(suites)
                .put((byte) 1) // one method of compression
                .put((byte) 0) // no compression
                .putShort((short) extensions.length)
                .put(extensions)
                .array();
    }
}
