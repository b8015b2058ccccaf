/**
 * Stores and manages access keys, users, access policies and projects, by API, console and at the first start.
 *
 * <p>A project owns the registered Redis servers. An access key or a user is a principal: it acts for one project, and
 * its actions and policies say what it may do. Only this package reads secret keys and passwords; others find callers
 * by {@code CallerLookup}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam.principal;
