/**
 * Stores and manages access keys, users, access policies and projects, for the native API and the console.
 *
 * <p>A project owns the registered Redis servers. An access key or a user is a principal: it acts for one project, and
 * its actions and policies say what it may do. Only this package reads secret keys and hashes of passwords; other
 * packages find callers by {@code CallerLookup}. The first start of the service creates a project with an access key.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam.principal;
