/** How many dead keys there are and what a sweep of them costs, found out without harm. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.estimate;
