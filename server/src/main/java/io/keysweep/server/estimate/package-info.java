/** Estimates backlogs on demand, and stores the last estimate of each instance. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.estimate;
