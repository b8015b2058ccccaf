package io.keysweep.server.iam.guessing;

/**
 * Reports how the check of a secret has ended, see {@link WrongSecretLimit#check}.
 *
 * @param <T> type of the caller or token that a right secret leads to
 */
public sealed interface SecretCheck<T> {

    /** Reports that the secret is right. */
    record Right<T>(T found) implements SecretCheck<T> {}

    /** Reports that the name or the secret is wrong. The attempt is counted toward the limits. */
    record Wrong<T>() implements SecretCheck<T> {}

    /** Reports that the secret was not checked, because too many earlier secrets were wrong. */
    record Refused<T>(WrongSecretLimit.WrongSecretRefusal reason) implements SecretCheck<T> {}
}
