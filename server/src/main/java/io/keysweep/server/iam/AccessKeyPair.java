package io.keysweep.server.iam;

/**
 * Holds the two halves of an access key.
 *
 * @param accessKey access key id (AK), which is not secret
 * @param secretKey secret access key (SK)
 */
public record AccessKeyPair(String accessKey, SecretAccessKey secretKey) {}
