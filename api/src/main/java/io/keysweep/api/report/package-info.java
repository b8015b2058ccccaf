/**
 * Defines the signed report of a scan and verifies it, for the service and for the command line.
 *
 * <p>A report says what a scan was asked to do, what happened, and what it achieved. The service signs it, so that
 * others can check it without the service.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.api.report;
