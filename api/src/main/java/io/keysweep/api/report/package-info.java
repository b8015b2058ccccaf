/**
 * Defines the signed report of a scan and verifies it, for the service and for the command line.
 *
 * <p>A report contains the settings, the timeline and the counts of a scan. The service signs the report, so that
 * others can verify it without the service.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.api.report;
