@org.jspecify.annotations.NullMarked
package io.keysweep.site.advisories;
