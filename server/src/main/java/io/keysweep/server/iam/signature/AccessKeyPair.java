package io.keysweep.server.iam.signature;

/**
 * Holds the id and the secret of a new access key.
 *
 * @param accessKey access key id (AK), which is not secret
 * @param secretKey secret access key (SK)
 */
public record AccessKeyPair(String accessKey, SecretAccessKey secretKey) {}
