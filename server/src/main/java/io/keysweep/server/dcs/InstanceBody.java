package io.keysweep.server.dcs;

import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceObservation;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Converts registered instances to the JSON that the DCS API and its SDKs use for instances.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * <p>Most fields that have no meaning outside Huawei Cloud, such as VPC and order, are left out, and the SDKs read them
 * as null. Fields that programs rely on have a constant value. Amounts of memory are in MiB. The field {@code capacity}
 * is the memory limit in whole GiB, rounded down. For a limit below 1 GiB it is 0, and {@code capacity_minor} has the
 * limit in GiB as a text, such as {@code 0.125}.
 *
 * <p>An instance is a registered server, Sentinel deployment or cluster. The service inspects it from time to time, and
 * the JSON shows the last result. Before the first inspection the state is {@code RUNNING} and the engine {@code
 * Redis}; other values that are not known are left out.
 */
final class InstanceBody {

    private static final long MEBIBYTE = 1L << 20;
    private static final long GIBIBYTE = 1L << 30;

    /** The id of DCS's default enterprise project. */
    private static final String DEFAULT_ENTERPRISE_PROJECT = "0";

    private InstanceBody() {}

    /** Describes one tag of an instance, such as key {@code env} with value {@code prod}; the value can be empty. */
    record Tag(String key, String value) {}

    /** Says which features Huawei Cloud's console may offer for an instance. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Features(boolean supportSsl, boolean supportAcl) {}

    /** Describes one instance in the response of ListInstances, with fewer fields than {@link InstanceDetails}. */
    @JsonNaming(SnakeCaseStrategy.class)
    record InstanceItem(
            String instanceId,
            String name,
            String engine,
            @Nullable String engineVersion,
            String status,
            @Nullable String description,
            String ip,
            int port,
            @Nullable String accessUser,
            String noPasswordAccess,
            boolean enableSsl,
            boolean enablePublicip,
            int chargingMode,
            @Nullable Integer maxMemory,
            @Nullable Integer usedMemory,
            @Nullable Integer capacity,
            @Nullable String capacityMinor,
            String enterpriseProjectId,
            List<String> azCodes,
            List<Tag> tags,
            Features features,
            @Nullable String createdAt,
            @Nullable String updatedAt) {

        /**
         * Returns the memory limit in GiB: {@code capacityMinor} if it is set, otherwise {@code capacity}. Returns null
         * for no limit.
         */
        @Nullable BigDecimal capacityInGibibytes() {
            if (capacity == null) {
                return null;
            }
            return capacityMinor == null ? BigDecimal.valueOf(capacity) : new BigDecimal(capacityMinor);
        }
    }

    /**
     * Describes an instance in the response of ShowInstance. DCS names the last field {@code update_at} here, and
     * {@code updated_at} in {@link InstanceItem}.
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record InstanceDetails(
            String instanceId,
            String name,
            String engine,
            @Nullable String engineVersion,
            String status,
            @Nullable String description,
            String ip,
            int port,
            @Nullable String accessUser,
            String noPasswordAccess,
            boolean enableSsl,
            boolean enablePublicip,
            int chargingMode,
            @Nullable Integer maxMemory,
            @Nullable Integer usedMemory,
            @Nullable Integer capacity,
            @Nullable String capacityMinor,
            String enterpriseProjectId,
            String cacheMode,
            String productType,
            String storageType,
            @Nullable Integer replicaCount,
            @Nullable Integer shardingCount,
            List<String> azCodes,
            List<Tag> tags,
            Features features,
            @Nullable String createdAt,
            @Nullable String updateAt) {}

    /** Returns the instance as an element of ListInstances. */
    static InstanceItem item(Instance instance) {
        InstanceDetails details = details(instance);
        return new InstanceItem(
                details.instanceId(),
                details.name(),
                details.engine(),
                details.engineVersion(),
                details.status(),
                details.description(),
                details.ip(),
                details.port(),
                details.accessUser(),
                details.noPasswordAccess(),
                details.enableSsl(),
                details.enablePublicip(),
                details.chargingMode(),
                details.maxMemory(),
                details.usedMemory(),
                details.capacity(),
                details.capacityMinor(),
                details.enterpriseProjectId(),
                details.azCodes(),
                details.tags(),
                details.features(),
                details.createdAt(),
                details.updateAt());
    }

    /** Returns the tags of an instance, ordered by key. */
    static List<Tag> tags(Instance instance) {
        return instance.tags().values().entrySet().stream()
                .map(tag -> new Tag(tag.getKey(), tag.getValue()))
                .toList();
    }

    /** Returns the instance as ShowInstance shows it. */
    static InstanceDetails details(Instance instance) {
        Deployment deployment = instance.deployment();
        NodeAddress address = address(deployment);
        Access access = deployment.access();
        InstanceObservation observation = instance.observation();
        Long memoryLimit = memoryLimit(observation);
        return new InstanceDetails(
                instance.id().toString(),
                instance.name(),
                engine(observation),
                observation == null ? null : observation.version(),
                // An instance that the service has not inspected yet is treated as running.
                observation != null && observation.problem() != null ? "ERROR" : "RUNNING",
                // DCS has no field for a problem, so the description shows it.
                observation == null ? null : observation.problem(),
                address.host(),
                address.port(),
                access.credentials().username(),
                String.valueOf(access.credentials().password() == null),
                access.tls() != null,
                /* enablePublicip= */ false,
                /* chargingMode= */ 0,
                memoryLimit == null ? null : mebibytes(memoryLimit),
                observation == null || observation.usedMemory() == null ? null : mebibytes(observation.usedMemory()),
                memoryLimit == null ? null : (int) Math.min(memoryLimit / GIBIBYTE, Integer.MAX_VALUE),
                memoryLimit == null || memoryLimit >= GIBIBYTE ? null : gibibyteFraction(memoryLimit),
                DEFAULT_ENTERPRISE_PROJECT,
                cacheMode(deployment),
                /* productType= */ "generic",
                /* storageType= */ "DRAM",
                // DCS also counts the primary as a replica.
                observation == null || observation.replicas() == null ? null : 1 + observation.replicas(),
                shardCount(deployment, observation),
                /* azCodes= */ List.of(),
                tags(instance),
                new Features(/* supportSsl= */ true, /* supportAcl= */ true),
                DcsTime.text(instance.createdAt()),
                // Most values above are from the last inspection, so they are as old as the inspection.
                DcsTime.text(observation == null ? instance.createdAt() : observation.checkedAt()));
    }

    /**
     * Returns the number of shards: 1 for a deployment that is no cluster. For a cluster it is null before the first
     * inspection, because the number is not known yet.
     */
    private static @Nullable Integer shardCount(Deployment deployment, @Nullable InstanceObservation observation) {
        if (!(deployment instanceof Deployment.Cluster)) {
            return 1;
        }
        return observation == null ? null : observation.shards();
    }

    /**
     * Returns the memory limit in bytes; null if it is not known, or if the server has no limit, which an observation
     * shows as 0.
     */
    private static @Nullable Long memoryLimit(@Nullable InstanceObservation observation) {
        Long limit = observation == null ? null : observation.maxMemory();
        return limit == null || limit == 0 ? null : limit;
    }

    /** Returns the address that a client would connect to first: the server, the first sentinel or the first seed. */
    private static NodeAddress address(Deployment deployment) {
        return switch (deployment) {
            case Deployment.Standalone server -> server.address();
            case Deployment.Sentinel sentinel -> sentinel.sentinels().getFirst();
            case Deployment.Cluster cluster -> cluster.seeds().getFirst();
        };
    }

    /**
     * Returns the DCS name for the form of a deployment: {@code single}, {@code ha} (high availability) or {@code
     * cluster}.
     */
    private static String cacheMode(Deployment deployment) {
        return switch (deployment) {
            case Deployment.Standalone server -> "single";
            case Deployment.Sentinel sentinel -> "ha";
            case Deployment.Cluster cluster -> "cluster";
        };
    }

    /**
     * Returns the product as DCS spells it: {@code VALKEY} becomes {@code Valkey}. An unknown product is treated as
     * {@code Redis}.
     */
    private static String engine(@Nullable InstanceObservation observation) {
        String flavour = observation == null ? null : observation.flavour();
        return flavour == null || flavour.equals("UNKNOWN")
                ? "Redis"
                : flavour.charAt(0) + flavour.substring(1).toLowerCase(Locale.ROOT);
    }

    /**
     * Converts bytes to MiB, rounded up, so that a server in use never shows 0. Cuts the result off at the largest
     * 32-bit number, because the SDKs read one.
     */
    private static int mebibytes(long bytes) {
        return (int) Math.min((bytes + MEBIBYTE - 1) / MEBIBYTE, Integer.MAX_VALUE);
    }

    /**
     * Converts bytes below one GiB to a decimal number of GiB with at most three decimals, rounded up: 128 MiB is
     * {@code 0.125}.
     */
    private static String gibibyteFraction(long bytes) {
        return BigDecimal.valueOf(bytes)
                .divide(BigDecimal.valueOf(GIBIBYTE), 3, RoundingMode.UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
