/** What there is to know about a server before it is swept, and what to do about it. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.doctor;
