package io.keysweep.server.iam.signature;

/**
 * Combines the two halves of a new access key, before the key is stored.
 *
 * @param accessKey access key id (AK), which is not secret
 * @param secretKey secret access key (SK)
 */
public record AccessKeyPair(String accessKey, SecretAccessKey secretKey) {}
