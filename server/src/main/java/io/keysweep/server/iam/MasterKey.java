package io.keysweep.server.iam;

import io.keysweep.server.iam.signature.HkdfSha256;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Protects the stored secrets and the tokens of the service: 32 random bytes, from which a subkey for each purpose is
 * derived.
 *
 * <p>The key is in the file {@code master.key}, and all processes of a service need the same key. Without the key, the
 * stored secrets cannot be decrypted. Operators must back it up, separately from the database. Immutable and
 * thread-safe.
 */
public final class MasterKey {

    /** The size of the key in bytes. */
    static final int LENGTH = 32;

    /** The purpose of the key that signs the audit log, in the service and in {@code recover-admin}. */
    public static final String AUDIT = "audit v1";

    private final byte[] bytes;

    private MasterKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads the file {@code master.key} in the data folder; creates the folder and the file with a new key if there is
     * no file.
     *
     * <p>If several processes with the same folder start at the same time, one creates the file and all read its key.
     *
     * @throws IllegalStateException if the file is accessible to group or others, does not have 32 bytes, or cannot be
     *     read or written; the message says what to do
     */
    public static MasterKey loadOrCreate(Path dataFolder) {
        byte[] candidate = new byte[LENGTH];
        new SecureRandom().nextBytes(candidate);
        return new MasterKey(new MasterKeyFile(dataFolder, InstantSource.system()).readOrCreate(candidate));
    }

    /**
     * Creates a master key from bytes that are stored elsewhere.
     *
     * @param bytes 32 bytes, which are copied
     * @throws IllegalArgumentException if the array has another length
     */
    public static MasterKey of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("A master key has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new MasterKey(bytes.clone());
    }

    /**
     * Derives the key of 32 bytes for one purpose, such as {@code secret box v1}; another purpose gives an unrelated
     * key.
     */
    public byte[] subkey(String purpose) {
        return HkdfSha256.deriveKey(bytes, "keysweep", purpose);
    }

    /** Returns a text without the key. */
    @Override
    public String toString() {
        return "MasterKey[hidden]";
    }
}
