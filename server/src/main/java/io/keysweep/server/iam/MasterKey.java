package io.keysweep.server.iam;

import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The server's one secret, 32 random bytes, never used itself but to derive a subkey for each purpose. Whoever loses it
 * loses all stored secrets, so it belongs in the backup, apart from the database's. Immutable, safe for use by several
 * threads.
 */
public final class MasterKey {

    static final int LENGTH = 32;

    private final byte[] bytes;

    private MasterKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads {@code master.key} in the data folder, or creates folder and file, with a new key, where there is none. Of
     * several servers that start at once, one creates the file and all read it.
     *
     * @throws IllegalStateException if the file is open to group or others, is not of 32 bytes, or cannot be read or
     *     written; the message tells what to do
     */
    public static MasterKey loadOrCreate(Path dataFolder) {
        byte[] candidate = new byte[LENGTH];
        new SecureRandom().nextBytes(candidate);
        return new MasterKey(new MasterKeyFile(dataFolder).readOrCreate(candidate));
    }

    /**
     * A master key kept elsewhere.
     *
     * @param bytes 32 of them; copied
     * @throws IllegalArgumentException if it is another number
     */
    public static MasterKey of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("A master key has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new MasterKey(bytes.clone());
    }

    /** The 32-byte key for one purpose; another purpose gives an unrelated key. */
    byte[] subkey(String purpose) {
        return DerivedKey.of(bytes, "keysweep", purpose);
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "MasterKey[hidden]";
    }
}
