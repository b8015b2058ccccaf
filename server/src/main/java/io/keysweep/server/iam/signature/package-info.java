/**
 * Verifies the signatures of requests, and generates the access keys that make them.
 *
 * <p>The formats are Huawei Cloud's, with the hash functions SHA-256 and SM3 and with elliptic curves. The package
 * depends neither on callers nor on the database: {@code SignatureVerifier} asks a {@code SecretKeyLookup} for the
 * secret of an access key.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam.signature;
