/**
 * Controls scans that wait or run: decides whether their sweeps continue, wait or end, and passes requests to the
 * sweeps.
 *
 * <p>A sweep is the part of a scan that visits one primary. Users pause, cancel and tune (change the pace of) a scan,
 * or hold all scans of a project. The requests are stored in the database, where every process reads them for its
 * sweeps.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.control;
