package io.keysweep.server.request;

/**
 * Computes a keyed digest of a request body.
 *
 * <p>A body can contain a password. From a plain hash in the database, a reader of the database could guess it.
 */
@FunctionalInterface
public interface BodyDigest {

    /** Returns the digest of a text as 64 hex characters; equal texts have equal digests. */
    String of(String text);
}
