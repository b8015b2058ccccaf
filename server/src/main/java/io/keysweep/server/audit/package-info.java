/** Keeps the audit log: a signed chain of entries about calls that change something, read a secret or are refused. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.audit;
