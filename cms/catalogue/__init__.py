"""The disclosure catalogue (信息公开目录): what every disclosed item shares, and its index number."""
