/**
 * Verifies the signatures of requests, and generates the access keys that make them.
 *
 * <p>The formats are those of Huawei Cloud's signing algorithms, with SHA-256, SM3 or elliptic keys. The package knows
 * neither callers nor the database: {@code SignatureVerifier} asks a {@code SecretKeyLookup} for the secret of a key.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam.signature;
