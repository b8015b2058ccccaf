/**
 * Who a caller is: request signatures, tokens, and the keys behind both.
 *
 * <ul>
 *   <li>{@code SignatureVerifier}: checks a {@code SignedRequest} and gives a {@code Verification}
 *   <li>{@code Authorization}, {@code SignatureAlgorithm}, {@code EllipticSigningKey}: its parts
 *   <li>{@code TokenIssuer}: stateless tokens for {@code X-Auth-Token}
 *   <li>{@code AccessKeys}: makes new access keys
 *   <li>{@code MasterKey}: the one secret on disk, from which {@code SecretBox} and {@code TokenIssuer} derive theirs
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam;
