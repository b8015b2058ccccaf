/** Who calls: projects, access keys, signatures, tokens, and what they may do. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam;
