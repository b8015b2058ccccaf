/** Authenticates callers by signature or token, and manages projects, access keys and the master key. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam;
