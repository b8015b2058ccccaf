/**
 * Serves the pages of projects, access keys, users and access policies, and the page of the audit log.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.access;
