package io.keysweep.cli.output;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.json.JsonMapper;

/** Writes values as YAML documents that have the same fields as their JSON. */
public final class YamlText {

    private YamlText() {}

    /**
     * Returns the YAML of a value, which ends with a line end.
     *
     * @param value a record, a list of records, or a JSON tree
     */
    public static String of(Object value) {
        // The conversion gives maps, lists and plain values with the fields and names of the JSON.
        Object jsonValue = JsonMapper.builder().build().convertValue(value, Object.class);
        return new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        // Long texts stay on one line.
                        .setWidth(Integer.MAX_VALUE)
                        // Documents are read by this schema, so a name such as 'True' or '0x10' is quoted.
                        .setSchema(new CoreSchema())
                        .build())
                .dumpToString(jsonValue);
    }
}
