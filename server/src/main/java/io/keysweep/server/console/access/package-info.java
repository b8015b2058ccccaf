/**
 * Serves the pages of who may do what, and of who has done what: projects, access keys, users, access policies and the
 * audit log.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.access;
