package io.keysweep.server.iam;

/**
 * An access key with its secret.
 *
 * @param accessKey access key id (AK), which is no secret
 */
public record AccessKeyPair(String accessKey, SecretAccessKey secretKey) {}
