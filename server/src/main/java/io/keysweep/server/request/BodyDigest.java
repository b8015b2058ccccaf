package io.keysweep.server.request;

/**
 * Computes a keyed digest of a request body, by which {@link IdempotencyStore} recognises a repeated request.
 *
 * <p>A body can contain a password. From a plain hash, a reader of the database could guess the password. The key of
 * the digest is derived from the master key of the service, which is not in the database.
 */
@FunctionalInterface
public interface BodyDigest {

    /** Returns the digest of a text as 64 hex characters. Equal texts have equal digests, in every process. */
    String of(String text);
}
