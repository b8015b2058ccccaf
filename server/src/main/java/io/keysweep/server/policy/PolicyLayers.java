package io.keysweep.server.policy;

import io.keysweep.server.instance.InstanceTags;
import org.jspecify.annotations.Nullable;

/**
 * Contains the policies of an instance and of its project side by side, for policies that combine both, such as
 * ceilings.
 *
 * @param project document of the project as JSON, or null if it has none
 * @param instance document of the instance as JSON, or null if it has none
 * @param tags tags of the instance
 */
public record PolicyLayers(
        @Nullable String project, @Nullable String instance, InstanceTags tags) {}
