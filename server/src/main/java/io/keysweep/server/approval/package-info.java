/**
 * Lets a second person approve scans above the ceilings of an instance, the highest paces that are allowed.
 *
 * <p>The package {@code server.scan} creates the scans. The ceilings, from {@code server.ceiling}, say whether a scan
 * of an instance may be approved.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.approval;
