/**
 * Serves the pages about rights, which are those of projects, access keys, users and access policies, and the audit
 * log.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.access;
