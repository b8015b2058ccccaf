package io.keysweep.server.iam.signature;

import java.security.SecureRandom;

/**
 * Generates random access keys in the format of Huawei Cloud's access keys, which the official SDKs expect.
 *
 * <p>Thread-safe.
 */
public final class AccessKeyGenerator {

    private static final String DIGITS_AND_UPPER_CASE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String DIGITS_AND_LETTERS = DIGITS_AND_UPPER_CASE + "abcdefghijklmnopqrstuvwxyz";
    private static final int ACCESS_KEY_LENGTH = 20;
    private static final int SECRET_KEY_LENGTH = 40;
    private static final SecureRandom RANDOM = new SecureRandom();

    private AccessKeyGenerator() {}

    /**
     * Generates a key: an id of 20 upper-case letters and digits (103 random bits), and a secret of 40 letters and
     * digits (238 random bits).
     */
    public static AccessKeyPair generate() {
        return new AccessKeyPair(
                random(DIGITS_AND_UPPER_CASE, ACCESS_KEY_LENGTH),
                new SecretAccessKey(random(DIGITS_AND_LETTERS, SECRET_KEY_LENGTH)));
    }

    private static String random(String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
