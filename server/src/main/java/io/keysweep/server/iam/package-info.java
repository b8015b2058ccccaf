/**
 * Says who calls and what a caller may do, for all features: callers, actions, grants, projects, tokens and the master
 * key.
 *
 * <p>{@code CallerLookup} and {@code Projects} are what other features ask; the package {@code principal} implements
 * them. All subpackages use this package, except {@code signature}, which it uses itself. The master key protects the
 * secrets in the database.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam;
