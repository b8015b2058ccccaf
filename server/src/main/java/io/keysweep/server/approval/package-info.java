/**
 * Lets a second person approve scans above the ceilings of an instance. The package {@code server.scan} creates the
 * scans, and {@code server.ceiling} says which instances provide approvals.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.approval;
