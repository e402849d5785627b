# ends: script
# says: <script>
raise RuntimeError("<script>alert(1)</script>\0\u202e\ud800" + "x" * 100_000)
