/** Settings of every session, by their names in `onnxruntime_session_options_config_keys.h`. */
export const sessionEntries: Readonly<Record<string, string>> = {};
