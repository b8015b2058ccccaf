/**
 * Defines who calls and what a caller may do, for all features: callers, actions, grants, projects, tokens and the
 * master key.
 *
 * <p>Other features find callers by {@code CallerLookup} and projects by {@code Projects}; the subpackage {@code
 * principal} implements both. All subpackages depend on this package, with one exception: this package depends on
 * {@code signature}. The master key protects the secrets in the database.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam;
