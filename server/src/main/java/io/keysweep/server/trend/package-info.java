/**
 * Keeps the history of each instance, as measured by its scans and estimates: reclaimed and visited keys, backlog (dead
 * keys), memory and net inflow. Older points are merged, so that the history of years remains small.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.trend;
