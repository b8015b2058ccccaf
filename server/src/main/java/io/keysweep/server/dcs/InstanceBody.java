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
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Converts registered instances to the JSON that the DCS API and its SDKs use for instances.
 *
 * <p>Most fields that have no meaning outside Huawei Cloud, such as VPC and order, are left out, and the SDKs read them
 * as null. Those that programs rely on have a constant. Amounts of memory are in MiB, {@code capacity} is in whole GiB,
 * rounded down. A capacity below 1 GiB is 0, and {@code capacity_minor} has it as a text, such as {@code 0.125}. Before
 * the first inspection the state is {@code RUNNING} and the engine {@code Redis}; what else is not known is left out.
 */
final class InstanceBody {

    private static final long MEBIBYTE = 1L << 20;
    private static final long GIBIBYTE = 1L << 30;

    /** The id by which DCS means the enterprise project of instances that were assigned to none. */
    private static final String DEFAULT_ENTERPRISE_PROJECT = "0";

    private InstanceBody() {}

    /** Is one tag of an instance, such as key {@code env} with value {@code prod}; the value can be empty. */
    record Tag(String key, String value) {}

    /** Describes one instance in the response of ListInstances, with fewer fields than {@link Shown}. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Listed(
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
            Map<String, Boolean> features,
            @Nullable String createdAt,
            @Nullable String updatedAt) {

        /** Returns the capacity in GiB, from whichever of the two fields holds it; null if there is no memory limit. */
        @Nullable BigDecimal capacityInGibibytes() {
            if (capacity == null) {
                return null;
            }
            return capacityMinor == null ? BigDecimal.valueOf(capacity) : new BigDecimal(capacityMinor);
        }
    }

    /**
     * Describes an instance in the response of ShowInstance. The vendor names the last field {@code update_at} here.
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record Shown(
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
            Map<String, Boolean> features,
            @Nullable String createdAt,
            @Nullable String updateAt) {}

    static Listed listed(Instance instance) {
        Shown shown = shown(instance);
        return new Listed(
                shown.instanceId(),
                shown.name(),
                shown.engine(),
                shown.engineVersion(),
                shown.status(),
                shown.description(),
                shown.ip(),
                shown.port(),
                shown.accessUser(),
                shown.noPasswordAccess(),
                shown.enableSsl(),
                shown.enablePublicip(),
                shown.chargingMode(),
                shown.maxMemory(),
                shown.usedMemory(),
                shown.capacity(),
                shown.capacityMinor(),
                shown.enterpriseProjectId(),
                shown.azCodes(),
                shown.tags(),
                shown.features(),
                shown.createdAt(),
                shown.updateAt());
    }

    static Shown shown(Instance instance) {
        Deployment deployment = instance.deployment();
        NodeAddress address = address(deployment);
        Access access = deployment.access();
        InstanceObservation observation = instance.observation();
        // Null if the memory has no limit, which Redis reports as 0, or if the limit is not known.
        Long maxMemory = observation == null || observation.maxMemory() == null || observation.maxMemory() == 0
                ? null
                : observation.maxMemory();
        return new Shown(
                instance.id().toString(),
                instance.name(),
                engine(observation),
                observation == null ? null : observation.version(),
                // An instance that the service has not inspected yet counts as running.
                observation != null && observation.problem() != null ? "ERROR" : "RUNNING",
                observation == null ? null : observation.problem(),
                address.host(),
                address.port(),
                access.credentials().username(),
                String.valueOf(access.credentials().password() == null),
                access.tls() != null,
                /* enablePublicip= */ false,
                /* chargingMode= */ 0,
                maxMemory == null ? null : mebibytes(maxMemory),
                observation == null || observation.usedMemory() == null ? null : mebibytes(observation.usedMemory()),
                maxMemory == null ? null : (int) Math.min(maxMemory / GIBIBYTE, Integer.MAX_VALUE),
                maxMemory == null || maxMemory >= GIBIBYTE ? null : gibibyteFraction(maxMemory),
                DEFAULT_ENTERPRISE_PROJECT,
                cacheMode(deployment),
                /* productType= */ "generic",
                /* storageType= */ "DRAM",
                // DCS counts the primary as a replica, too.
                observation == null || observation.replicas() == null ? null : 1 + observation.replicas(),
                deployment instanceof Deployment.Cluster
                        ? observation == null ? null : observation.shards()
                        : Integer.valueOf(1),
                /* azCodes= */ List.of(),
                instance.tags().values().entrySet().stream()
                        .map(tag -> new Tag(tag.getKey(), tag.getValue()))
                        .toList(),
                Map.of("support_ssl", true, "support_acl", true),
                DcsTime.text(instance.createdAt()),
                DcsTime.text(observation == null ? instance.createdAt() : observation.checkedAt()));
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

    /** Returns the product as DCS spells it: {@code REDIS} becomes {@code Redis}. */
    private static String engine(@Nullable InstanceObservation observation) {
        String flavour = observation == null ? null : observation.flavour();
        return flavour == null || flavour.equals("UNKNOWN")
                ? "Redis"
                : flavour.charAt(0) + flavour.substring(1).toLowerCase(Locale.ROOT);
    }

    /** Converts bytes to MiB, rounded up, so that a server in use never shows 0. */
    private static int mebibytes(long bytes) {
        return (int) Math.min((bytes + MEBIBYTE - 1) / MEBIBYTE, Integer.MAX_VALUE);
    }

    /** Converts bytes below one GiB to a decimal number of GiB with at most three decimals, rounded up. */
    private static String gibibyteFraction(long bytes) {
        return BigDecimal.valueOf(bytes)
                .divide(BigDecimal.valueOf(GIBIBYTE), 3, RoundingMode.UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
